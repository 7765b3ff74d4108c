import { parseAllDocuments } from 'yaml';

/** All documents of a text, read as Kubernetes and Compose read them: YAML 1.1, in which 0440 is octal. Throws at the first mistake. */
export const readYaml = (text) =>
  parseAllDocuments(text, { version: '1.1', merge: true }).map((document) => {
    const [mistake] = [...document.errors, ...document.warnings];
    if (mistake) throw mistake;
    return document.toJS();
  });

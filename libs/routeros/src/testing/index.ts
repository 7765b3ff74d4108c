export { encodeSentence } from '../sentence/sentence.encoder.js';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Commands of the script language itself. Scripts may leave their colon out. */
export const languageVerbs = words(
  `local global set put if else for foreach while do onerror delay error return log execute parse exit quit beep resolve typeof
   len pick find toarray tobool toid toip toip6 tonum tostr totime time timestamp environment nothing range continue break terminal grep
   convert jobname serialize deserialize rndnum rndstr`,
);

/** What ends the path of a menu: the last word before the arguments that is one of these is the command. */
export const menuVerbs = words(
  `add set remove enable disable print get find move comment unset edit export import reset reset-counters reset-counters-all
   reset-configuration reset-mac-address reboot shutdown run save load fetch ping traceroute install download check-for-updates upgrade
   downgrade flush send monitor monitor-traffic sign issue revoke start stop renew release torch bandwidth-test password quit
   undo redo info warning error debug make-static force-update check-installation regenerate cancel clear generate-key copy
   add-default create-certificate-request export-certificate scan wol dns-update uninstall unschedule format-drive eject
   upload paste exit`,
);

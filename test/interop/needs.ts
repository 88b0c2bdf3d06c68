/** What these tests ask of a machine. They are skipped where it is not there. */
import { lacks, lacksShared } from '../support/surroundings.js';

/** Set in the environment where what Maven should fetch cannot be had. */
export const ABSENT = 'LOGWIN_INTEROP_ABSENT';

export const lacksJava = lacks('java', 'javac', 'mvn') || process.env[ABSENT] !== undefined;
export const lacksCourse = lacksJava || lacks('python3') || lacksShared('data/course');
export const lacksCertificates = lacksJava || lacks('openssl', 'keytool');

export const JAVA = 'needs java, javac, and mvn that can fetch';
export const COURSE = `${JAVA}, python3 and ../shared`;
export const CERTIFICATES = `${JAVA}, openssl and keytool`;

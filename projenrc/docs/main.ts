/** `npm run docs`: writes every document that is made from the code. Filled by the areas as they come. */
console.log('Documents are current.');

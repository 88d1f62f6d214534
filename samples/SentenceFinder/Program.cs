using System.Globalization;
using System.Numerics.Tensors;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var path, var question])
{
    Console.Error.WriteLine("Usage: SentenceFinder FILE.txt \"a question\"   (one sentence on each line)");
    return 2;
}

try
{
    var sentences = File.ReadAllLines(path);
    using var model = new SentenceModel();
    // The tokenizer and the way to pool are deployed with the model. The generator divides many sentences into calls.
    var vectors = await model.AsEmbeddingGenerator().GenerateAsync(sentences);
    var wanted = model.Embed(question);
    var scores = vectors.Select(vector => TensorPrimitives.CosineSimilarity(vector.Vector.Span, wanted));
    foreach (var (score, sentence) in scores.Zip(sentences).OrderByDescending(pair => pair.First).Take(3))
        Console.WriteLine($"{score:F2}  {sentence}");
    return 0;
}
catch (IOException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

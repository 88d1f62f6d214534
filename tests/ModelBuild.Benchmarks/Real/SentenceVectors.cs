using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Benchmarks.Real;

/// <summary>Compares vectors of sentences. A vector is the mean of the hidden states of the tokens, as applications compute it with MiniLM.</summary>
internal static class SentenceVectors
{
    private const int Neighbours = 10;

    /// <summary>Returns the mean cosine between the vectors of two models, and the share of the ten nearest neighbours of each sentence that is kept.</summary>
    public static string Compare(string original, string compressed, ISampleSource samples)
    {
        var (before, after) = (Vectors(original, samples), Vectors(compressed, samples));
        var cosine = before.Zip(after, (x, y) => (double)TensorPrimitives.CosineSimilarity<float>(x, y)).Average();
        var kept = Enumerable.Range(0, before.Count).Average(i => Nearest(before, i).Intersect(Nearest(after, i)).Count() / (double)Neighbours);
        return string.Create(CultureInfo.InvariantCulture, $"cosine {cosine:0.0000}, {kept:0.0 %} of neighbours kept");
    }

    private static IEnumerable<int> Nearest(List<float[]> vectors, int sentence) =>
        Enumerable
            .Range(0, vectors.Count)
            .Where(other => other != sentence)
            .OrderByDescending(other => TensorPrimitives.CosineSimilarity<float>(vectors[sentence], vectors[other]))
            .Take(Neighbours);

    private static List<float[]> Vectors(string model, ISampleSource samples)
    {
        using var runner = new ModelRunner(new InferenceSession(model));
        var vectors = new List<float[]>();
        foreach (var sample in samples.Read(CancellationToken.None))
        {
            var hidden = runner.Run(sample, CancellationToken.None)[0];
            var mask = MemoryMarshal.Cast<byte, long>(sample.Inputs["attention_mask"].Data).ToArray();
            var (positions, width) = ((int)hidden.Shape[1], (int)hidden.Shape[2]);
            for (var row = 0; row < hidden.Shape[0]; row++)
            {
                var sum = new float[width];
                for (var position = 0; position < positions; position++)
                    if (mask[row * positions + position] != 0)
                        for (var i = 0; i < width; i++)
                            sum[i] += (float)hidden.Numbers[(row * positions + position) * width + i];
                vectors.Add(sum);
            }
        }

        return vectors;
    }
}

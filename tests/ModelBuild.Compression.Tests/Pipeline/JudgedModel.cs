using System.Numerics.Tensors;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>
/// A model with samples that recipes are fitted to, and samples that results are evaluated on. Each recipe is applied once for all tests that compare its
/// outputs. The tests of one class use the model one after another.
/// </summary>
/// <param name="file">The model.</param>
/// <param name="calibration">The file of the samples that recipes are fitted to.</param>
/// <param name="test">The file of the samples that results are evaluated on.</param>
/// <param name="fit">The number of calls that recipes are fitted to.</param>
/// <param name="judged">The number of calls that results are evaluated on.</param>
internal sealed class JudgedModel(string file, string calibration, string test, int fit, int judged)
{
    private const string Original = "none";

    private readonly Dictionary<string, float[][]> _answers = new(StringComparer.Ordinal);
    private Sample[]? _samples;

    private Sample[] Samples => _samples ??= Read(test, OnnxModel.Load(file), judged);

    /// <summary>Returns the ratio of the model's outputs to the changes that the recipe makes in them, in decibels.</summary>
    /// <param name="recipe">The recipe.</param>
    public double Decibels(string recipe) => Ort.Sqnr([.. Answers(Original).SelectMany(vector => vector)], [.. Answers(recipe).SelectMany(vector => vector)]);

    /// <summary>Returns the mean cosine similarity of the vectors in the model's outputs and in the outputs after the recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="width">The number of values of one vector.</param>
    public double Cosine(string recipe, int width) =>
        Answers(Original)
            .SelectMany(answer => answer)
            .Chunk(width)
            .Zip(Answers(recipe).SelectMany(answer => answer).Chunk(width), (before, after) => TensorPrimitives.CosineSimilarity(before, after))
            .Average();

    private float[][] Answers(string recipe)
    {
        if (_answers.TryGetValue(recipe, out var known))
            return known;
        var model = OnnxModel.Load(file);
        if (recipe != Original)
        {
            var data = new CalibrationContext(new FixedSamples(Read(calibration, model, fit)));
            RecipePipeline.Run(new PassContext(model, new PassReport(), CancellationToken.None) { Calibration = data }, RecipeParser.Parse(recipe));
        }

        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return _answers[recipe] = Array.ConvertAll(Samples, sample => Pooled(runner.Run(sample, CancellationToken.None)[0], SampleMask.Of(sample)));
    }

    private static Sample[] Read(string samples, OnnxModel model, int calls) =>
        [.. new CalibrationFiles([samples], SignatureReader.Read(model)).Read(CancellationToken.None).Take(calls)];

    // The vectors are those that applications use. An output with positions is averaged over its real positions.
    private static float[] Pooled(OutputValues output, bool[]? mask)
    {
        if (output.Shape is not [var rows, var positions, var width])
            return Array.ConvertAll(output.Numbers, number => (float)number);
        var pooled = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var real = Enumerable.Range(0, (int)positions).Where(position => mask?[row * positions + position] ?? true).ToArray();
            foreach (var position in real)
                for (var i = 0; i < width; i++)
                    pooled[row * width + i] += (float)(output.Numbers[(row * positions + position) * width + i] / real.Length);
        }

        return pooled;
    }
}

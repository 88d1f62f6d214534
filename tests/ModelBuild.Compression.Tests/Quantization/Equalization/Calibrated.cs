using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>Runs steps with calibration data on a copy of a model.</summary>
internal static class Calibrated
{
    public static OnnxModel Run(OnnxModel model, string recipe, ISampleSource samples, out PassReport first, int threads = 1) =>
        Run(model, recipe, new CalibrationContext(samples, threads), out first);

    /// <summary>Runs steps with statistics of the samples, but without samples that results could be judged by.</summary>
    public static OnnxModel RunOnStatistics(OnnxModel model, string recipe, ISampleSource samples, out PassReport first)
    {
        var calibration = new StatisticsOnly(new CalibrationContext(samples, threads: 1));
        return Run(model, recipe, calibration, out first);
    }

    public static OnnxModel Run(OnnxModel model, string recipe, ISampleSource samples) => Run(model, recipe, samples, out _);

    /// <summary>Returns calls with random numbers between −1 and 1 for a model with one float input <c>x</c>.</summary>
    public static ListedSamples Samples(int calls, params long[] shape) =>
        ListedSamples.Of("x", [.. Enumerable.Range(0, calls).Select(i => (shape, Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 100 + i)))]);

    /// <summary>
    /// Returns the SQNR in dB of a changed model with the input <c>x</c> and the output <c>y</c> against the original, on calls that no step uses.
    /// </summary>
    public static double Decibels(OnnxModel original, OnnxModel changed, int calls, params long[] shape)
    {
        float[][] inputs = [.. Enumerable.Range(0, calls).Select(call => Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: 900 + call))];
        return Ort.Sqnr(Ort.RunCalls(original, shape, inputs), Ort.RunCalls(changed, shape, inputs));
    }

    private static OnnxModel Run(OnnxModel model, string recipe, ICalibrationContext calibration, out PassReport first)
    {
        var copy = model.Clone();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None) { Calibration = calibration };
        var parsed = RecipeParser.Parse(recipe);
        first = RecipePipeline.Run(context, parsed).First(report => report.Step == parsed.Steps[0].ToString()).Report;
        return copy;
    }
}

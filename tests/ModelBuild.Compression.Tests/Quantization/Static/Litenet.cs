using System.Collections.Concurrent;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>A small real model with its calibration data and its test data.</summary>
internal sealed class Litenet
{
    // The outputs of a model are computed once, because many tests compare with them.
    private static readonly ConcurrentDictionary<(string Name, int Calls), Lazy<IReadOnlyList<OutputValues>[]>> _known = [];

    private readonly OnnxModel _model;
    private readonly CalibrationContext _calibration;
    private readonly Sample[] _test;
    private readonly IReadOnlyList<OutputValues>[] _expected;

    /// <param name="name">The model.</param>
    /// <param name="calls">How many calls of the test data are run; all where not given.</param>
    public Litenet(string name, int calls = int.MaxValue)
    {
        _model = OnnxModel.Load(Corpus.Path($"litenet/{name}.onnx"));
        var data = name.StartsWith("fashion", StringComparison.Ordinal) ? "fashion" : "mnist";
        var signature = SignatureReader.Read(_model);
        _calibration = new CalibrationContext(new CalibrationFiles([Corpus.Path($"litenet/{data}-calibration.npz")], signature));
        _test = [.. new CalibrationFiles([Corpus.Path($"litenet/{data}-test.npz")], signature).Read(CancellationToken.None).Take(calls)];
        _expected = _known.GetOrAdd((name, calls), _ => new(() => Run(_model))).Value;
    }

    /// <summary>Compresses a copy of the model. Statistics are collected once for all recipes.</summary>
    public (OnnxModel Model, PassReport Last) Compress(string recipe)
    {
        var context = new PassContext(_model.Clone(), new PassReport(), CancellationToken.None) { Calibration = _calibration };
        return (context.Model, RecipePipeline.Run(context, RecipeParser.Parse(recipe))[^1].Report);
    }

    /// <summary>Returns the fidelity of a compressed model on the test data.</summary>
    public OutputFidelity Compare(OnnxModel compressed)
    {
        var meter = new OutputMeter("logits");
        foreach (var (sample, (expected, actual)) in _test.Zip(_expected.Zip(Run(compressed))))
            meter.Add(expected[0], actual[0], sample.Labels);
        return meter.Result();
    }

    /// <summary>Returns the SQNR of the result of a recipe, in dB.</summary>
    public double Sqnr(string recipe) => Compare(Compress(recipe).Model).SqnrDb;

    private IReadOnlyList<OutputValues>[] Run(OnnxModel model)
    {
        using var folder = new TemporaryFolder();
        IntegerArithmetic.Describe(model);
        model.Save(folder.File("model.onnx"));
        using var runner = new ModelRunner(Sessions.Open(folder.File("model.onnx")));
        return [.. _test.Select(sample => runner.Run(sample, CancellationToken.None))];
    }
}

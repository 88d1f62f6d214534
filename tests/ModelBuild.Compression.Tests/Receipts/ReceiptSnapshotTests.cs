using System.Text.RegularExpressions;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Receipts;

/// <summary>Tests the complete receipts of small models.</summary>
public sealed partial class ReceiptSnapshotTests : IDisposable
{
    private const int Rows = 64;
    private const int Width = 256;
    private const int Classes = 8;

    private static readonly Snapshots _snapshots = new(
        "tests/ModelBuild.Compression.Tests/Receipts/Expected",
        new SnapshotVariable("version", Version()),
        // The size depends on the implementation of deflate.
        SnapshotVariable.OfProperties("zipped bytes", "zippedBytes"),
        SnapshotVariable.OfProperties("sha256", "sha256"),
        // The last digits of a product of floats depend on the processor.
        SnapshotVariable.OfProperties("measured", "sqnrDb", "top1Agreement", "maxAbsoluteError"),
        new SnapshotVariable("measured", Decibels()),
        new SnapshotVariable("measured", LayerFigures()),
        new SnapshotVariable("measured", Distributions())
    );

    // The recipes have no search, because different processors may order results that are nearly equal differently.
    private static readonly Dictionary<string, (string Recipe, bool HasData, FidelityBudget Budget)> _cases = new()
    {
        ["auto"] = ("auto", false, new FidelityBudget()),
        ["int8-with-data"] = ("int8(calibration=min-max)", true, new FidelityBudget(MaxAccuracyLoss: 0.5)),
        ["pruned"] = ("prune-channels(0.25)", true, new FidelityBudget(MaxAccuracyLoss: 0.5)),
        ["kept-whole"] = ("auto", false, new FidelityBudget(MinSqnr: 150)),
        ["nothing-asked"] = ("none", false, new FidelityBudget()),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void A_receipt_is_the_expected_one(string name)
    {
        var (recipe, hasData, budget) = _cases[name];
        string[] data = hasData ? [Data()] : [];

        var receipt = _folder.Compress(Network(), recipe, request => request with { CalibrationData = data, Budget = budget });

        _snapshots.Matches($"{name}.receipt.json", JsonText.Of(receipt));
    }

    public void Dispose() => _folder.Dispose();

    private string Network() =>
        new Net()
            .Input("x", -1, Width)
            .Weight("w", Width, Width)
            .Weight("b", Width)
            .Weight("v", Width, Classes)
            .Node("Gemm", "x w b", "h")
            .Node("Relu", "h", "r")
            .Node("MatMul", "r v", "z")
            .Node("Softmax", "z", "y", ("axis", 1))
            .Output("y", DataType.Float, -1, Classes)
            .Save(_folder.File("model.onnx"));

    private string Data() => Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([Rows, Width], Noise.Floats(Rows * Width))));

    [GeneratedRegex("(?<=\"modelBuild\": \"|ModelBuild )[0-9][0-9A-Za-z.-]*")]
    private static partial Regex Version();

    [GeneratedRegex(@"[0-9]+\.[0-9](?= dB)")]
    private static partial Regex Decibels();

    [GeneratedRegex("(?<=\"(?:sqnrDb|inputDb|low|high)\":)-?[0-9.E+-]+")]
    private static partial Regex LayerFigures();

    [GeneratedRegex("(?<=\"(?:before|after|codeRange)\":)\\[[^]]*\\]")]
    private static partial Regex Distributions();
}

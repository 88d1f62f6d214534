using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Receipts;

public sealed class DiskGainTests : IDisposable
{
    private const string Remark = "once loaded, the model takes as much memory and time as before";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, bool> Recipes =>
        new()
        {
            { "product", "int8-weights", true },
            { "product", "float16-weights", true },
            { "product", "int8-weights(per-channel=false)", true },
            { "product", "cluster(16)", true },
            { "product", "int8-dynamic", false },
            { "product", "int8-dynamic int8-weights", false },
            { "product", "int8-blocks", false },
            { "product", "int4", false },
            { "product", "low-rank(0.5)", false },
            { "product", "float16", false },
            { "convolution", "int8-weights", true },
            { "convolution", "float16-weights", true },
            { "convolution", "int8-dynamic int8-weights", true },
            { "convolution", "depthwise-separable", false },
            { "convolution", "float16", false },
            { "embedding", "int8-weights", true },
            { "lstm", "int8-weights", true },
            { "lstm", "int8-dynamic", false },
        };

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void A_result_that_gains_on_disk_only_says_so(string model, string recipe, bool isDiskOnly)
    {
        var receipt = Compress(Model(model).Save(_folder.File("model.onnx")), recipe);

        Assert.True(receipt.Compressed.Bytes < receipt.Original.Bytes * 0.9);
        Assert.Equal(isDiskOnly, receipt.GainsOnDiskOnly);
        Assert.Equal(isDiskOnly, receipt.Gain is not null);
        Assert.Equal(isDiskOnly, receipt.Attempts[^1].Why.EndsWith($"; {Remark}", StringComparison.Ordinal));
        Assert.Equal(isDiskOnly, HtmlReport.Render(receipt).Contains($"times smaller; {Remark}.", StringComparison.Ordinal));
        Assert.Equal(isDiskOnly, JsonText.Of(receipt).Contains($"times smaller; {Remark}.", StringComparison.Ordinal));
        Assert.Contains($"\"gainsOnDiskOnly\": {(isDiskOnly ? "true" : "false")}", JsonText.Of(receipt), StringComparison.Ordinal);
        Assert.Equal(receipt.GainsOnDiskOnly, JsonText.TryRead<Receipt>(JsonText.Of(receipt))!.GainsOnDiskOnly);
    }

    [Fact]
    public void An_original_that_is_kept_gains_nothing()
    {
        var receipt = Compress(Model("product").Save(_folder.File("model.onnx")), "none");

        Assert.False(receipt.GainsOnDiskOnly);
        Assert.Null(receipt.Gain);
    }

    [Fact]
    public void The_sentence_has_the_ratio_of_the_files()
    {
        var receipt = Compress(Model("product").Save(_folder.File("model.onnx")), "int8-weights");

        var ratio = (double)receipt.Original.Bytes / receipt.Compressed.Bytes;
        Assert.InRange(ratio, 2.5, 4);
        Assert.StartsWith(FormattableString.Invariant($"The file is {ratio:0.0#} times smaller; "), receipt.Gain, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Receipt Compress(string path, string recipe) => _folder.Compress(path, recipe, new FidelityBudget(MinSqnr: 0));

    private static Net Model(string kind) =>
        kind switch
        {
            "convolution" => new Net()
                .Input("x", 1, 16, 8, 8)
                .Weight("w", 32, 16, 3, 3)
                .Node("Conv", "x w", "y", ("pads", new long[] { 1, 1, 1, 1 }))
                .Output("y"),
            "embedding" => new Net().Input("x", DataType.Int64, 1, 4).Weight("w", 64, 64).Node("Gather", "w x", "y").Output("y"),
            "lstm" => new Net()
                .Input("x", 5, 1, 32)
                .Weight("w", 1, 128, 32)
                .Weight("r", 1, 128, 32)
                .Node("LSTM", "x w r", "y", ("hidden_size", 32))
                .Output("y"),
            _ => Compressing.Product(),
        };
}

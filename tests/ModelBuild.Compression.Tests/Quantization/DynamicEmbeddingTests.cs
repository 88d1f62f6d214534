using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization;

public sealed class DynamicEmbeddingTests
{
    // The bound allows one rounding to 8 bits.
    private const double Decibels = 40;

    [Theory]
    [InlineData("int8-dynamic", new long[] { 300, 64 })]
    [InlineData("int8-dynamic", new long[] { 300, 8, 8 })]
    [InlineData("int8-dynamic(per-channel=false)", new long[] { 300, 64 })]
    public void Rows_are_looked_up_in_int8(string recipe, long[] table)
    {
        var stored = Becomes(Net(table).Output("e"), recipe, out _);

        Assert.InRange(stored.ToBytes().Length, 1, 300 * 64 * 1.2);
        // The model that ONNX Runtime optimizes does not have the large float table again.
        var optimized = Ort.Optimized(stored);
        Assert.Contains(optimized.Proto.Initializer, tensor => tensor.DataType == (int)DataType.Int8 && tensor.ElementCount() == 300 * 64);
        Assert.DoesNotContain(optimized.Proto.Initializer, tensor => tensor.DataType == (int)DataType.Float && tensor.ElementCount() > 300);
    }

    [Fact]
    public void Lookups_in_one_table_share_it()
    {
        var stored = Becomes(
            Net([300, 64]).Constant("others", [2], 1L, 299).Node("Gather", "table others", "f").Output("e", "f"),
            "int8-dynamic",
            out var report
        );

        Assert.Equal(2, report.Changes["embeddings stored in int8"]);
        Assert.Single(stored.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Int8);
    }

    [Fact]
    public void A_table_that_a_quantized_product_shares_goes()
    {
        var stored = Becomes(Net([300, 64]).Node("Gemm", "e table", "y", ("transB", 1)).Output("y"), "int8-dynamic", out _, decibels: 33);

        Assert.DoesNotContain(stored.Proto.Graph.Initializer, tensor => tensor.Name == "table");
    }

    [Fact]
    public void A_table_of_an_outer_scope_is_looked_up_inside()
    {
        var net = new Net()
            .Input("ids", DataType.Int64, 3)
            .Input("c", DataType.Bool)
            .Weight("table", 300, 64)
            .If("c", "y", new Net().Node("Gather", "table ids", "t").Output("t"), new Net().Node("Gather", "table ids", "g").Node("Neg", "g", "e").Output("e"))
            .Output("y");

        Assert.DoesNotContain(Becomes(net, "int8-dynamic", out _).Proto.Graph.Initializer, tensor => tensor.Name == "table");
    }

    [Fact]
    public void What_would_not_gain_stays_and_is_reported()
    {
        var net = new Net()
            .Input("ids", DataType.Int64, 3)
            .Weight("columns", 200, 300)
            .Weight("thin", 3000, 8)
            .Weight("read", 300, 64)
            .Weight("named", 300, 64)
            .Weight("small", 100, 64)
            .Node("Gather", "columns ids", "1", ("axis", 1))
            .Node("Gather", "thin ids", "2")
            .Node("Gather", "read ids", "3")
            .Node("Neg", "read", "4")
            .Node("Gather", "named ids", "5")
            .Node("Gather", "small ids", "6")
            .Output("1", "2", "3", "4", "5", "6");

        var stored = Steps.Run(net.Build(), "int8-dynamic(exclude=named)", out var report);

        Assert.Equal("Gather*5 Neg", Steps.Operators(stored));
        Assert.Equal(
            ["it does not look up rows", "its rows are too short to save anything", "other nodes read the table", "the recipe excludes it"],
            report.Skipped.Select(left => left.Why)
        );
        Assert.Empty(Run(Net([300, 64]).Output("e"), "int8-dynamic(embeddings=false)").Changes);
    }

    private static Net Net(long[] table) => new Net().Input("ids", DataType.Int64, 3).Weight("table", table).Node("Gather", "table ids", "e");

    private static PassReport Run(Net net, string recipe)
    {
        Steps.Run(net.Build(), recipe, out var report);
        return report;
    }

    private static OnnxModel Becomes(Net net, string recipe, out PassReport report, double decibels = Decibels)
    {
        var model = net.Build();
        var stored = Steps.Run(model, recipe, out report);
        using var ids = OrtValue.CreateTensorValueFromMemory([0L, 255, -3], [3]);
        using var condition = OrtValue.CreateTensorValueFromMemory([false], []);
        (string, OrtValue)[] given = [("ids", ids), ("c", condition)];
        Assert.InRange(Ort.Sqnr(Ort.Run(model, given), Ort.Run(stored, given)), decibels, double.PositiveInfinity);
        return stored;
    }
}

using ModelBuild.Compression.Compilers.Rewrites;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the standard forms of MatMulNBits and GatherBlockQuantized.</summary>
public sealed class BlockedWeightTests
{
    [Theory]
    [InlineData("int4(last-layer-bits=4)", nameof(DataType.Uint4), 32)]
    [InlineData("int4(last-layer-bits=4, symmetric=true)", nameof(DataType.Int4), 32)]
    [InlineData("int8-blocks(symmetric=false)", nameof(DataType.Uint8), 128)]
    [InlineData("int8-blocks", nameof(DataType.Int8), 128)]
    public void OpenVINO_gets_DequantizeLinear_with_blocks_and_MatMul(string recipe, string type, long block)
    {
        var exported = ExportProductTests.Network("products").Compressed(recipe).Export("openvino");

        Assert.Equal("Add DequantizeLinear*3 MatMul*3 Relu Sigmoid", Steps.Operators(exported.Model));
        var graph = new Graph(exported.Model);
        foreach (var node in graph.Nodes.Where(node => node.OpType == "DequantizeLinear"))
        {
            Assert.Equal((type, 0L, block), ($"{(DataType)graph.Constant(node.Input[0]).DataType}", node.GetInt("axis", 1), node.GetInt("block_size")));
            Assert.Equal(graph.Constant(node.Input[0]).Dims[0] / block, graph.Constant(node.Input[1]).Dims[0]);
        }
    }

    [Fact]
    public void TVM_gets_codes_of_8_bits_and_products_with_scales()
    {
        var exported = ExportProductTests.Network("products").Compressed("int4(last-layer-bits=4)").Export("tvm");

        Assert.Equal("Add Cast*6 MatMul*3 Mul*3 Relu Reshape*3 Sigmoid Sub*3", Steps.Operators(exported.Model));
        Assert.DoesNotContain(exported.Model.Proto.Graph.Initializer, tensor => (DataType)tensor.DataType is DataType.Uint4 or DataType.Int4);
        Assert.True(exported.Difference.SqnrDb >= 100, $"{exported.Difference}");
    }

    [Fact]
    public void TensorRT_gets_symmetric_codes_of_4_bits_in_blocks_of_64()
    {
        var exported = ExportProductTests.Network("products").Compressed("int4(symmetric=true, block-size=64, last-layer-bits=4)").Export("tensorrt");

        Assert.Equal("Add DequantizeLinear*3 MatMul*3 Relu Sigmoid", Steps.Operators(exported.Model));
    }

    [Theory]
    [InlineData("int4(last-layer-bits=4, block-size=64)")]
    [InlineData("int4(last-layer-bits=4, symmetric=true)")]
    [InlineData("int8-blocks(symmetric=true, block-size=64)")]
    public void TensorRT_gets_floats_for_other_blocks(string recipe)
    {
        var exported = ExportProductTests.Network("products").Compressed(recipe).Export("tensorrt");

        Assert.Equal("Add MatMul*3 Relu Sigmoid", Steps.Operators(exported.Model));
        Assert.Contains(exported.Changes, change => change.EndsWith("the compiler does not take their codes: 3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_of_rows_has_the_same_bits()
    {
        var model = Table().Compressed("int4");
        Assert.Equal("GatherBlockQuantized", Steps.Operators(model));

        foreach (var compiler in new[] { "openvino", "tvm", "tensorrt" })
        {
            var exported = model.Export(compiler);

            Assert.True(exported.Difference.IsNone, $"{compiler}: {exported.Difference}");
        }
    }

    [Fact]
    public void OpenVINO_gets_a_table_with_blocks_along_the_first_dimension()
    {
        var model = Table().Compressed("int4");

        var exported = model.Export("openvino");

        Assert.Equal("DequantizeLinear Gather Transpose", Steps.Operators(exported.Model));
        Assert.Equal(0, exported.Model.Proto.Graph.Node[0].GetInt("axis", 1));
        Assert.True(exported.Difference.IsNone);
    }

    [Fact]
    public void The_last_axis_of_a_table_may_be_counted_from_the_end()
    {
        var model = Table().Compressed("int4");
        model.Proto.Graph.Node.Single().SetAttribute("quantize_axis", -1L);

        Assert.True(model.Export("openvino").Difference.IsNone);
    }

    [Theory]
    [InlineData(nameof(DataType.Int4))]
    [InlineData(nameof(DataType.Uint4))]
    public void A_table_of_a_type_of_4_bits_is_exported(string type)
    {
        var net = new Net(opset: 21, irVersion: 10).Input("ids", DataType.Int64, 1, 6).Constant("scales", [40, 2], Noise.Floats(80, seed: 5));
        var node = Net.Make("GatherBlockQuantized", "table ids scales", "y", ("block_size", 32L));
        node.Domain = Domains.Microsoft;
        var model = net.Add(node).Output("y", DataType.Float, 1, 6, 64).Build();
        model.ImportOpset(Domains.Microsoft, 1);
        byte[] codes = [.. Enumerable.Range(0, 40 * 32).Select(i => (byte)(i * 37))];
        model.Proto.Graph.Initializer.Add(Tensors.Create("table", Enum.Parse<DataType>(type), [40, 64], codes));

        foreach (var compiler in new[] { "openvino", "tvm" })
            Assert.True(model.Export(compiler).Difference.IsNone);
    }

    [Fact]
    public void A_row_that_does_not_end_with_its_block_is_exported()
    {
        var model = new Net()
            .Input("x", 2, 80)
            .Weight("w", 80, 64)
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, 2, 64)
            .Build()
            .Compressed("int4(last-layer-bits=4)");
        Assert.Equal("MatMulNBits", Steps.Operators(model));

        foreach (var compiler in new[] { "openvino", "tvm", "tensorrt" })
        {
            var exported = model.Export(compiler);

            Assert.Equal("MatMul", Steps.Operators(exported.Model));
            Assert.True(exported.Difference.SqnrDb >= 100, $"{compiler}: {exported.Difference}");
        }
    }

    [Fact]
    public void A_product_with_an_order_of_columns_is_refused_with_its_name()
    {
        var model = ExportProductTests.Network("products").Compressed("int4");
        var node = model.Proto.Graph.Node.First(node => node.OpType == "MatMulNBits");
        node.Name = "ordered";
        while (node.Input.Count < 5)
            node.Input.Add("");
        node.Input[4] = "order";
        model.Proto.Graph.Initializer.Add(Tensors.Create("order", [128], [.. Enumerable.Range(0, 128)]));

        Assert.Contains(
            "MatMulNBits 'ordered': it is an operator of com.microsoft, and the export has no exact standard form of it",
            model.Refusal("openvino"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Blocks_need_opset_21()
    {
        var model = ExportProductTests.Network("products").Compressed("int4");

        Assert.Equal(0, new BlockedOperators().Apply(new Graph(model), CancellationToken.None));
    }

    private static OnnxModel Table() =>
        new Net().Input("ids", DataType.Int64, 1, 6).Weight("table", 40, 128).Node("Gather", "table ids", "y").Output("y", DataType.Float, 1, 6, 128).Build();
}

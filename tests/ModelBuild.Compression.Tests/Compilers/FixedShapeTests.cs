using ModelBuild.Compression.Compilers;
using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests the shapes of exported models.</summary>
public sealed class FixedShapeTests
{
    [Fact]
    public void The_number_of_rows_is_1_by_default()
    {
        var exported = Rows().Export("openvino");

        Assert.Equal([1, 4], Shape(exported.Model.Proto.Graph.Input[0]));
        Assert.Equal([1, 4], Shape(exported.Model.Proto.Graph.Output[0]));
    }

    [Fact]
    public void A_given_shape_holds_for_all_dimensions_with_its_symbols()
    {
        var exported = Sequence().Export("openvino", ("a", [2, 7]));

        Assert.All(exported.Model.Proto.Graph.Input, input => Assert.Equal([2, 7], Shape(input)));
        Assert.Equal([2, 7], Shape(exported.Model.Proto.Graph.Output[0]));
    }

    [Fact]
    public void Computed_sizes_become_constants()
    {
        var model = new Net()
            .OpenInput("x", "batch", "length", "6")
            .Constant<long>("last", [1], -1)
            .Constant<long>("one", [1], 1)
            .Constant<long>("zero", [], 0)
            .Constant<long>("axes", [1], 0)
            .Node("Shape", "x", "shape")
            .Node("Gather", "shape zero", "rows")
            .Node("Unsqueeze", "rows axes", "rows1")
            .Node("Concat", "rows1 last", "target", ("axis", 0L))
            .Node("Reshape", "x target", "flat")
            .Node("Relu", "flat", "y")
            .OpenOutput("y", "batch", "columns")
            .Build();

        var exported = model.Export("tensorrt", ("x", [3, 5, 6]));

        Assert.Equal("Relu Reshape", Steps.Operators(exported.Model));
        Assert.Equal([3, 30], Shape(exported.Model.Proto.Graph.Output[0]));
        Assert.True(exported.Difference.IsNone);
    }

    [Fact]
    public void A_branch_that_a_size_decides_is_taken()
    {
        var model = new Net()
            .OpenInput("x", "batch", "4")
            .Constant<long>("two", [], 2)
            .Constant<long>("zero", [], 0)
            .Node("Shape", "x", "shape")
            .Node("Gather", "shape zero", "rows")
            .Node("Less", "rows two", "few")
            .If("few", "y", new Net().Node("Relu", "x", "a").Output("a"), new Net().Node("Neg", "x", "b").Output("b"))
            .Output("y")
            .Build();

        Assert.Equal("Relu", Steps.Operators(model.Export("tvm").Model));
        Assert.Equal("Neg", Steps.Operators(model.Export("tvm", ("x", [3, 4])).Model));
    }

    [Theory]
    [InlineData("these inputs have dynamic dimensions without a size: 'a' [1, length], 'b' [1, length]. ", "")]
    [InlineData("such as --shape a=1,128 --shape b=1,128.", "")]
    [InlineData("--shape a=2,7,3 has 3 dimensions, and the input has 2: [batch, length].", "a", 2, 7, 3)]
    [InlineData("--shape a=2,0: a size is at least 1.", "a", 2, 0)]
    [InlineData("--shape c: the model has no input of that name.", "c", 1)]
    public void Shapes_that_are_missing_or_wrong_are_an_error(string message, string input, params int[] shape)
    {
        var given = new Dictionary<string, long[]>();
        if (input.Length > 0)
            given[input] = Array.ConvertAll(shape, size => (long)size);

        var exception = Assert.Throws<CompressionException>(() =>
            new CompilerExport(CompilerCatalog.All[0], ExportPrecision.AsIs).Run(Sequence(), given, TestContext.Current.CancellationToken)
        );

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_contradict_each_other_are_an_error()
    {
        var given = new Dictionary<string, long[]> { ["a"] = [2, 7], ["b"] = [2, 8] };

        var exception = Assert.Throws<CompressionException>(() =>
            new CompilerExport(CompilerCatalog.All[0], ExportPrecision.AsIs).Run(Sequence(), given, TestContext.Current.CancellationToken)
        );

        Assert.Contains("The dimension 'b/1' has the size 7 already, and cannot have 8.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_unknown_rank_needs_a_shape()
    {
        OnnxModel Model()
        {
            var model = new Net().Input("x", 1).Node("Relu", "x", "y").Output("y").Build();
            model.Proto.Graph.Input[0].Type.TensorType.Shape = null;
            return model;
        }

        Assert.Contains("'x' [of unknown rank]", Model().Refusal("openvino"), StringComparison.Ordinal);
        var exception = Assert.Throws<CompressionException>(() => Model().Export("openvino", ("x", [0, 3])));
        Assert.Contains("--shape x=0,3: a size is at least 1.", exception.Message, StringComparison.Ordinal);
        Assert.Equal([2, 3], Shape(Model().Export("openvino", ("x", [2, 3])).Model.Proto.Graph.Output[0]));
    }

    [Theory]
    [InlineData("N", true)]
    [InlineData("batch_size", true)]
    [InlineData("unk__12", true)]
    [InlineData("length", false)]
    [InlineData("points", false)]
    public void Only_a_first_dimension_with_the_name_of_a_number_of_rows_is_1_by_default(string symbol, bool isRows)
    {
        var model = new Net().OpenInput("x", symbol, "4").Node("Relu", "x", "y").OpenOutput("y", symbol, "4").Build();

        if (isRows)
            Assert.Equal([1, 4], Shape(model.Export("openvino").Model.Proto.Graph.Input[0]));
        else
            Assert.Contains($"'x' [{symbol}, 4]", model.Refusal("openvino"), StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_with_different_numbers_of_dimensions_are_refused()
    {
        var net = new Net()
            .Input("x", 1, 4)
            .Condition("x", "few")
            .Constant<long>("axes", [1], 0)
            .If("few", "y", new Net().Node("Squeeze", "x axes", "a").Output("a"), new Net().Node("Neg", "x", "b").Output("b"))
            .Output("y");

        Assert.Contains("its branches return different numbers of dimensions", net.Build().Refusal("tensorrt"), StringComparison.Ordinal);
        Assert.Contains("the shape of its output 'y' depends on values or is unknown", net.Build().Refusal("openvino"), StringComparison.Ordinal);
    }

    [Fact]
    public void Types_inside_a_branch_are_checked()
    {
        var then = new Net()
            .Node("Cast", "x", "wide", ("to", (long)DataType.Double))
            .Node("Abs", "wide", "positive")
            .Node("Cast", "positive", "a", ("to", (long)DataType.Float))
            .Output("a");
        var net = new Net().Input("x", 1, 4).Condition("x", "few").If("few", "y", then, new Net().Node("Neg", "x", "b").Output("b")).Output("y");

        Assert.Contains("Cast of 'wide': its output 'wide' is float64", net.Build().Refusal("tensorrt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_numbers_are_refused_by_every_compiler()
    {
        var net = new Net().Input("x", 2, 4).Node("RandomNormalLike", "x", "noise").Node("Add", "x noise", "y").Output("y");

        foreach (var compiler in CompilerCatalog.All)
            Assert.Contains("RandomNormalLike of 'noise': it draws random numbers", net.Build().Refusal(compiler.Name), StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_are_refused()
    {
        var model = Rows();
        model.Proto.Graph.Input.Add(
            new ValueInfoProto
            {
                Name = "list",
                Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = model.Proto.Graph.Input[0].Type.Clone() } },
            }
        );

        Assert.Contains("The input 'list' is ", model.Refusal("openvino"), StringComparison.Ordinal);
    }

    private static OnnxModel Rows() => new Net().Input("x", -1, 4).Node("Relu", "x", "y").Output("y", DataType.Float, -1, 4).Build();

    private static OnnxModel Sequence() =>
        new Net().OpenInput("a", "batch", "length").OpenInput("b", "batch", "length").Node("Add", "a b", "y").OpenOutput("y", "batch", "length").Build();

    private static long[] Shape(ValueInfoProto info) => [.. info.Type.TensorType.Shape.Dim.Select(size => size.DimValue)];
}

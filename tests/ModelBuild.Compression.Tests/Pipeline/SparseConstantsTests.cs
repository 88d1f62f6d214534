using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>
/// Tests that weights that a model stores as sparse tensors are handled like other weights. They are nodes or initializers, in the main graph or in a branch.
/// </summary>
public sealed class SparseConstantsTests
{
    public enum Form
    {
        Node,
        Initializer,
    }

    public static TheoryData<Form, bool, bool, string> Cases()
    {
        var data = new TheoryData<Form, bool, bool, string>();
        foreach (var form in Enum.GetValues<Form>())
        foreach (var byRows in new[] { false, true })
        foreach (var inBranch in new[] { false, true })
        foreach (
            var recipe in new[]
            {
                "optimize",
                "int8(min-max, everywhere=true)",
                "int8-dynamic",
                "int8-weights",
                "int4",
                "int8-blocks",
                "float16-weights",
                "prune(0.5)",
                "cluster",
            }
        )
            data.Add(form, byRows, inBranch, recipe);
        return data;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void Every_step_takes_them(Form form, bool byRows, bool inBranch, string recipe)
    {
        var model = Model(form, byRows, inBranch);
        var dense = Dense(model);

        var changed = Steps.Run(model, recipe, Calls(), out _);

        Assert.InRange(
            Ort.Sqnr(Ort.Run(dense), Ort.Run(changed)),
            recipe is "optimize" ? 100
                : recipe is "int4" or "prune(0.5)" or "cluster" ? 3
                : 20,
            double.PositiveInfinity
        );
    }

    [Theory]
    [InlineData(Form.Node)]
    [InlineData(Form.Initializer)]
    public void Products_with_them_are_quantized(Form form)
    {
        var changed = Steps.Run(Model(form, byRows: false, inBranch: false), "int8-dynamic", out var report);

        Assert.Equal(2, report.Changes["matrix products quantized dynamically"]);
        Assert.Empty(changed.Proto.Graph.SparseInitializer);
    }

    [Fact]
    public void What_no_step_has_changed_is_sparse_again()
    {
        var changed = Steps.Run(Model(Form.Initializer, byRows: true, inBranch: false), "int8-dynamic(exclude=sparse)", out _);

        Assert.Equal("sparse", Assert.Single(changed.Proto.Graph.SparseInitializer).Values.Name);
        Assert.InRange(Ort.Sqnr(Ort.Run(Dense(Model(Form.Initializer, byRows: true, inBranch: false))), Ort.Run(changed)), 30, double.PositiveInfinity);
    }

    [Fact]
    public void What_pruning_stores_sparse_stays_sparse()
    {
        var changed = Steps.Run(Compressing.Product().Build(), "prune(0.9, storage=sparse)", Calls(), out _);

        Assert.Equal("w", Assert.Single(changed.Proto.Graph.SparseInitializer).Values.Name);
    }

    [Fact]
    public void A_value_outside_the_shape_is_one_error()
    {
        var model = Model(Form.Initializer, byRows: false, inBranch: false);
        model.Proto.Graph.SparseInitializer[0].Indices = Tensors.Create("", [1], [64L * 64]);
        model.Proto.Graph.SparseInitializer[0].Values = Tensors.Create("sparse", [1], [1f]);

        Assert.Equal(OnnxFault.SizeMismatch, Assert.Throws<OnnxException>(() => Steps.Run(model, "int8-weights")).Fault);
    }

    private static ListedSamples Calls() =>
        ListedSamples.Of("x", [.. Enumerable.Range(0, 4).Select(call => (new long[] { 3, 64 }, Noise.Floats(3 * 64, seed: 100 + call)))]);

    private static Net Net(bool inBranch)
    {
        var net = new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "m").Node("Relu", "m", "r");
        return inBranch
            ? net.Condition("x", "c")
                .If("c", "y", new Net().Node("MatMul", "r sparse", "a").Output("a"), new Net().Node("Neg", "r", "n").Output("n"))
                .Output("y", DataType.Float, -1, 64)
            : net.Node("MatMul", "r sparse", "y").Output("y", DataType.Float, -1, 64);
    }

    private static OnnxModel Model(Form form, bool byRows, bool inBranch)
    {
        var model = Net(inBranch).Build();
        var graph = inBranch
            ? model.Proto.Graph.Node.Single(node => node.OpType == "If").Attribute.Single(attribute => attribute.Name == "then_branch").G
            : model.Proto.Graph;
        if (form == Form.Initializer)
            model.Proto.Graph.SparseInitializer.Add(Sparse(byRows));
        else
            graph.Node.Insert(
                0,
                new NodeProto
                {
                    OpType = "Constant",
                    Output = { "sparse" },
                    Attribute =
                    {
                        new AttributeProto
                        {
                            Name = "sparse_value",
                            Type = AttributeProto.Types.AttributeType.SparseTensor,
                            SparseTensor = Sparse(byRows),
                        },
                    },
                }
            );
        return new OnnxModel(model.Proto);
    }

    // The method returns the same model with dense values, and does not use the code under test for that.
    private static OnnxModel Dense(OnnxModel sparse)
    {
        var model = Net(sparse.Proto.Graph.Node.Any(node => node.OpType == "If")).Build();
        var values = new float[64 * 64];
        foreach (var (place, value) in Places().Zip(Values()))
            values[place] = value;
        model.Proto.Graph.Initializer.Add(Tensors.Create("sparse", [64, 64], values));
        return model;
    }

    private static long[] Places() => [.. Enumerable.Range(0, 64 * 64).Where(place => place % 7 == 3).Select(place => (long)place)];

    private static float[] Values() => Noise.Floats(Places().Length, seed: 5, scale: 0.3);

    private static SparseTensorProto Sparse(bool byRows) =>
        new()
        {
            Dims = { 64, 64 },
            Values = Tensors.Create("sparse", [Places().Length], Values()),
            Indices = byRows
                ? Tensors.Create("", [Places().Length, 2], Places().SelectMany(place => new[] { place / 64, place % 64 }).ToArray())
                : Tensors.Create("", [Places().Length], Places()),
        };
}

using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>
/// Tests that functions that a model defines for itself are inlined before any step, so that each step has plain operators. The outputs and the signature
/// stay the same.
/// </summary>
public sealed class LocalFunctionsTests
{
    private static readonly Dictionary<string, Func<OnnxModel>> Models = new()
    {
        ["called twice"] = () => Model(Net().Call("Linear", "x w", "h").Call("Linear", "h v", "y"), Linear()),
        ["nested"] = () =>
            Model(
                Net().Call("Block", "x w v", "y"),
                Function("Block", "in first second", "out", Call("Linear", "in first", "h"), Make("Relu", "h", "r"), Call("Linear", "r second", "out")),
                Linear()
            ),
        ["attribute by reference"] = () =>
            Model(
                Net().Call("Scaled", "x w", "h", ("alpha", 0.25f)).Call("Scaled", "h v", "y", ("alpha", 4f)),
                Function("Scaled", "in weight", "out", ["alpha"], Refer(Make("Gemm", "in weight", "out"), "alpha", "alpha"))
            ),
        ["attribute by reference through a function"] = () =>
            Model(
                Net().Call("Outer", "x w", "y", ("factor", 0.25f)),
                Function("Outer", "in weight", "out", ["factor"], Refer(Call("Scaled", "in weight", "out"), "alpha", "factor")),
                Function("Scaled", "in weight", "out", ["alpha"], Refer(Make("Gemm", "in weight", "out"), "alpha", "alpha"))
            ),
        ["default attribute"] = () => Model(Net().Call("Scaled", "x w", "h").Call("Scaled", "h v", "y", ("alpha", 3f)), WithDefault()),
        ["attribute left out"] = () =>
            Model(
                Net().Call("Scaled", "x w", "y"),
                Function("Scaled", "in weight", "out", ["alpha"], Refer(Make("Gemm", "in weight", "out"), "alpha", "alpha"))
            ),
        ["optional input left out"] = () =>
            Model(
                Net().Call("Affine", "x w", "h").Weight("bias", 64).Call("Affine", "h v bias", "y"),
                Function("Affine", "in weight shift", "out", Make("Gemm", "in weight shift", "out"))
            ),
        ["output left out"] = () =>
            Model(
                Net().Call("Both", "x w", "h _").Call("Both", "h v", "_ y"),
                Function("Both", "in weight", "first second", Make("MatMul", "in weight", "first"), Make("Relu", "first", "second"))
            ),
        ["names that clash"] = () =>
            Model(
                Net().Node("Relu", "x", "h_").Call("Linear", "h_ w", "t").Call("Linear", "t v", "y"),
                Function(
                    "Linear",
                    "x w",
                    "y",
                    Make("Transpose", "w", "t", ("perm", new long[] { 1, 0 })),
                    Make("MatMul", "x t", "h_"),
                    Make("Identity", "h_", "y")
                )
            ),
        ["in a branch"] = () =>
            Model(
                Net().Condition("x", "c").If("c", "y", new Net().Call("Linear", "x w", "a").Output("a"), new Net().Call("Linear", "x v", "b").Output("b")),
                Linear()
            ),
        ["branch in a function"] = () =>
            Model(
                Net().Call("Choice", "x w v", "h").Call("Choice", "h v w", "y"),
                Function("Choice", "in first second", "out", [.. Choice().Build().Proto.Graph.Node])
            ),
        ["name of an operator"] = () =>
            Model(Net().Node("MatMul", "x w", "h").Call("Relu", "h", "r").Node("MatMul", "r v", "y"), Function("Relu", "in", "out", Make("Neg", "in", "out"))),
        ["name of one of ONNX's operators, which counts"] = () => InDomain("", "Relu"),
        ["name of one of ONNX Runtime's operators, which counts"] = () => InDomain("com.microsoft", "QuickGelu"),
        ["own name in ONNX Runtime's domain"] = () => InDomain("com.microsoft", "Mine"),
        ["operator that meant something else before"] = () =>
        {
            var function = Function("Shares", "in", "out", Make("Softmax", "in", "out", ("axis", 0)));
            function.OpsetImport[0].Version = 12;
            return Model(Net().Node("MatMul", "x w", "h").Call("Shares", "h", "r").Node("MatMul", "r v", "y"), function);
        },
        ["large constant"] = () =>
            Model(
                Net().Call("Head", "x", "h").Call("Head", "h", "y"),
                Function(
                    "Head",
                    "in",
                    "out",
                    Make("Constant", "", "k", ("value", Tensors.Create("", [64, 64], Noise.Floats(64 * 64, scale: 0.2)))),
                    Make("MatMul", "in k", "out")
                )
            ),
        ["own operator set"] = () =>
        {
            var function = Function(
                "Fast",
                "in weight",
                "out",
                Make("MatMul", "in weight", "h"),
                Nodes.Create("QuickGelu", ["h"], ["out"], domain: "com.microsoft")
            );
            function.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
            return Model(Net().Call("Fast", "x w", "y"), function);
        },
        ["older operator set"] = () =>
        {
            var function = Linear();
            function.OpsetImport[0].Version = 13;
            return Model(Net().Call("Linear", "x w", "y"), function);
        },
        ["overloads"] = () =>
        {
            var other = Function("Linear", "in weight", "out", Make("MatMul", "in weight", "out"));
            other.Overload = "plain";
            var model = Model(Net().Call("Linear", "x w", "h").Call("Linear", "h v", "y"), Linear(), other);
            model.Proto.Graph.Node[1].Overload = "plain";
            model.Proto.IrVersion = 10;
            return model;
        },
    };

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var model in Models.Keys)
        foreach (var recipe in new[] { "optimize", "int8-dynamic", "int8-weights", "int4(format=qdq)", "float16" })
            data.Add(model, recipe);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_see_the_operators_inside(string name, string recipe)
    {
        var model = Models[name]();

        var changed = Steps.Run(model, recipe, out var report);

        Assert.Empty(changed.Proto.Functions);
        Assert.DoesNotContain(new Graph(changed).SelfAndSubgraphs().SelectMany(scope => scope.Nodes), node => node.Domain == "own");
        Assert.DoesNotContain(changed.Proto.OpsetImport, import => import.Domain == "own");
        Assert.Equal(SignatureReader.Read(model).Hash(), SignatureReader.Read(changed).Hash());
        Assert.InRange(
            Ort.Sqnr(Ort.Run(model), Ort.Run(changed)),
            recipe switch
            {
                "optimize" => 100,
                "int4(format=qdq)" or "int8-dynamic" => 8,
                _ => 25,
            },
            double.PositiveInfinity
        );
        if (recipe is "int8-dynamic" or "int8-weights")
            Assert.NotEmpty(report.Changes);
    }

    [Fact]
    public void An_output_of_a_function_may_be_its_input_or_another_output()
    {
        // ONNX Runtime refuses functions of this kind, so that the test compares with a model of plain operators.
        var model = Model(
            Net().Call("Pass", "x w", "same h copy").Node("Add", "same h", "a").Node("Add", "a copy", "y"),
            Function("Pass", "in weight", "in out out", Make("MatMul", "in weight", "out"))
        );
        var plain = Model(Net().Node("MatMul", "x w", "h").Node("Add", "x h", "a").Node("Add", "a h", "y"));

        Assert.InRange(Ort.Sqnr(Ort.Run(plain), Ort.Run(Steps.Run(model, "optimize"))), 100, double.PositiveInfinity);
    }

    [Fact]
    public void A_large_constant_of_a_function_is_stored_once()
    {
        var changed = Steps.Run(Models["large constant"](), "optimize");

        Assert.Single(changed.Proto.Graph.Initializer);
    }

    [Fact]
    public void A_function_that_calls_itself_is_one_error()
    {
        var model = Model(Net().Call("Endless", "x", "y"), Function("Endless", "in", "out", Call("Endless", "in", "out")));

        Assert.Equal(OnnxFault.Cycle, Assert.Throws<OnnxException>(() => Steps.Run(model, "optimize")).Fault);
    }

    [Fact]
    public void Functions_that_grow_without_end_are_one_error()
    {
        var model = Model(
            Net().Call("F0", "x", "y"),
            [
                .. Enumerable.Range(0, 40).Select(i => Function($"F{i}", "in", "out", Call($"F{i + 1}", "in", "h"), Call($"F{i + 1}", "h", "out"))),
                Function("F40", "in", "out", Make("Relu", "in", "out")),
            ]
        );

        Assert.Equal(OnnxFault.TooLarge, Assert.Throws<OnnxException>(() => Steps.Run(model, "optimize")).Fault);
    }

    private static Net Net() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Weight("v", 64, 64);

    private static FunctionProto Linear() =>
        Function("Linear", "in weight", "out", Make("Transpose", "weight", "t", ("perm", new long[] { 1, 0 })), Make("MatMul", "in t", "out"));

    private static FunctionProto WithDefault()
    {
        var function = Function("Scaled", "in weight", "out", Refer(Make("Gemm", "in weight", "out"), "alpha", "alpha"));
        function.AttributeProto.Add(
            new AttributeProto
            {
                Name = "alpha",
                Type = AttributeProto.Types.AttributeType.Float,
                F = 0.5f,
            }
        );
        return function;
    }

    private static Net Choice() =>
        new Net()
            .Constant("zero", [], 0f)
            .Node("Constant", "", "limit", ("value_float", 100f))
            .Node("ReduceMax", "in", "top", ("keepdims", 0))
            .Node("Less", "top limit", "small")
            .If("small", "out", new Net().Node("MatMul", "in first", "a").Output("a"), new Net().Node("MatMul", "in second", "a").Output("a"));

    private static OnnxModel InDomain(string domain, string name)
    {
        var function = Function(name, "in", "out", Make("Neg", "in", "out"));
        function.Domain = domain;
        var model = Model(Net().Node("MatMul", "x w", "h").Add(Nodes.Create(name, ["h"], ["r"], domain: domain)).Node("MatMul", "r v", "y"), function);
        model.Proto.OpsetImport.RemoveAt(1);
        model.ImportOpset(domain, 1);
        return model;
    }

    private static NodeProto Make(string op, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        Testing.Fixtures.Net.Make(op, inputs, outputs, attributes);

    private static NodeProto Call(string function, string inputs, string outputs) => FunctionCalls.Make(function, inputs, outputs);

    private static NodeProto Refer(NodeProto node, string attribute, string parameter)
    {
        node.Attribute.Add(
            new AttributeProto
            {
                Name = attribute,
                Type = AttributeProto.Types.AttributeType.Float,
                RefAttrName = parameter,
            }
        );
        return node;
    }

    private static FunctionProto Function(string name, string inputs, string outputs, params NodeProto[] nodes) => Function(name, inputs, outputs, [], nodes);

    private static FunctionProto Function(string name, string inputs, string outputs, string[] attributes, params NodeProto[] nodes) =>
        new()
        {
            Domain = "own",
            Name = name,
            Input = { inputs.Split(' ') },
            Output = { outputs.Split(' ') },
            Attribute = { attributes },
            Node = { nodes },
            OpsetImport =
            {
                new OperatorSetIdProto { Version = 17 },
                new OperatorSetIdProto { Domain = "own", Version = 1 },
            },
        };

    private static OnnxModel Model(Net net, params FunctionProto[] functions)
    {
        var model = net.Output("y", DataType.Float, -1, 64).Build();
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Proto.Functions.AddRange(functions);
        return new OnnxModel(model.Proto);
    }
}

using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Compares the table of operators with the operator schemas of ONNX Runtime.</summary>
public sealed class NarrowOperatorsTests
{
    // Each letter is the type of one input: T is the 16-bit float, f is float32, l is int64, b is bool, and u is uint8. The sign _ is an input that is
    // omitted.
    private static readonly Dictionary<string, string> Inputs = new()
    {
        ["MatMul"] = "TT",
        ["Gemm"] = "TTT",
        ["Conv"] = "TTT",
        ["ConvTranspose"] = "TTT",
        ["LSTM"] = "TTTT",
        ["GRU"] = "TTTT",
        ["RNN"] = "TTTT",
        ["Einsum"] = "TT",
        ["Gather"] = "Tl",
        ["Pad"] = "TlT",
        ["Reshape"] = "Tl",
        ["Slice"] = "Tll",
        ["Tile"] = "Tl",
        ["Expand"] = "Tl",
        ["Where"] = "bTT",
        ["GatherElements"] = "Tl",
        ["GatherND"] = "Tl",
        ["ScatterElements"] = "TlT",
        ["ScatterND"] = "TlT",
        ["Compress"] = "Tb",
        ["ConstantOfShape"] = "l",
        ["Unsqueeze"] = "Tl",
        ["Add"] = "TT",
        ["Sub"] = "TT",
        ["Mul"] = "TT",
        ["Div"] = "TT",
        ["Pow"] = "TT",
        ["Max"] = "TT",
        ["Min"] = "TT",
        ["Clip"] = "TTT",
        ["Greater"] = "TT",
        ["Less"] = "TT",
        ["Equal"] = "TT",
        ["GreaterOrEqual"] = "TT",
        ["LessOrEqual"] = "TT",
        ["Mod"] = "TT",
        ["PRelu"] = "TT",
        ["InstanceNormalization"] = "TTT",
        ["BatchNormalization"] = "TTTTT",
        ["LayerNormalization"] = "TTT",
        ["GroupNormalization"] = "TTT",
        ["Resize"] = "T_f",
        ["Upsample"] = "Tf",
        ["Dropout"] = "Tf",
        ["Attention"] = "TTT",
        ["MultiHeadAttention"] = "TTT",
        ["FusedMatMul"] = "TT",
        ["FusedConv"] = "TTT",
        ["FusedGemm"] = "TTT",
        ["MatMulNBits"] = "TuT",
        ["BiasGelu"] = "TT",
        ["FastGelu"] = "TT",
        ["SkipLayerNormalization"] = "TTT",
    };

    private static readonly Dictionary<string, (string Name, object Value)[]> Attributes = new()
    {
        ["LSTM"] = [("hidden_size", 2L)],
        ["GRU"] = [("hidden_size", 2L)],
        ["RNN"] = [("hidden_size", 2L)],
        ["Einsum"] = [("equation", "ij,jk->ik")],
        ["Concat"] = [("axis", 0L)],
        ["AveragePool"] = [("kernel_shape", new[] { 2L, 2L })],
        ["MaxPool"] = [("kernel_shape", new[] { 2L, 2L })],
        ["LRN"] = [("size", 3L)],
        ["DepthToSpace"] = [("blocksize", 2L)],
        ["SpaceToDepth"] = [("blocksize", 2L)],
        ["GroupNormalization"] = [("num_groups", 2L)],
        ["Attention"] = [("num_heads", 2L)],
        ["MultiHeadAttention"] = [("num_heads", 2L)],
        ["MatMulNBits"] = [("K", 32L), ("N", 8L), ("bits", 4L), ("block_size", 32L)],
    };

    [Fact]
    public void ONNX_Runtime_takes_the_types_from_the_versions_on_that_the_table_names()
    {
        foreach (var ((domain, op), rule) in NarrowOperators.All.Where(rule => rule.Key.OpType != "If"))
        foreach (var format in (NarrowFloat[])[NarrowFloat.Float16, NarrowFloat.Bfloat16])
        foreach (
            var opset in ((long[])[rule.Since(format), 13, 17, 22])
                .Where(opset => domain.Length == 0 && opset >= Math.Max(13, rule.Since(format)) && opset != OperatorRule.Never)
                .Distinct()
        )
            Assert.True(Accepts(domain, op, opset, format), $"{op} of opset {opset} does not take {format.Name}.");
    }

    [Fact]
    public void ONNX_Runtimes_own_operators_take_them()
    {
        foreach (var ((domain, op), rule) in NarrowOperators.All.Where(rule => rule.Key.Domain.Length > 0))
        foreach (var format in (NarrowFloat[])[NarrowFloat.Float16, NarrowFloat.Bfloat16])
            Assert.Equal(rule.Since(format) != OperatorRule.Never, Accepts(domain, op, 21, format));
    }

    [Fact]
    public void Bfloat16_is_not_taken_before()
    {
        foreach (var op in (string[])["MatMul", "Conv", "Softplus", "LeakyRelu", "Where", "Pow"])
            Assert.False(Accepts("", op, NarrowOperators.All[("", op)].Bfloat16Since - 1, NarrowFloat.Bfloat16), op);
    }

    private static bool Accepts(string domain, string op, long opset, NarrowFloat format)
    {
        var inputs = Inputs.GetValueOrDefault(op, "T");
        var node = Nodes.Create(
            op,
            inputs.Select((kind, i) => kind == '_' ? "" : $"x{i}"),
            ["y"],
            domain: domain,
            attributes: Attributes.GetValueOrDefault(op, [])
        );
        if (op == "Cast")
            node.SetAttribute("to", (long)format.Type);
        if (op == "ConstantOfShape")
            node.SetAttribute("value", Tensors.Create("", format.Type, [1], new byte[2]));
        var graph = new GraphProto
        {
            Name = "one",
            Node = { node },
            Output = { new ValueInfoProto { Name = "y" } },
        };
        graph.Input.Add(
            inputs
                .Index()
                .Where(input => input.Item != '_')
                .Select(input => new ValueInfoProto
                {
                    Name = $"x{input.Index}",
                    Type = new TypeProto
                    {
                        TensorType = new TypeProto.Types.Tensor
                        {
                            ElemType = (int)(
                                input.Item switch
                                {
                                    'T' => format.Type,
                                    'l' => DataType.Int64,
                                    'b' => DataType.Bool,
                                    'u' => DataType.Uint8,
                                    _ => DataType.Float,
                                }
                            ),
                        },
                    },
                })
        );
        var model = new ModelProto { IrVersion = 10, Graph = graph };
        model.OpsetImport.Add([new OperatorSetIdProto { Version = opset }, new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 }]);
        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            new InferenceSession(model.ToByteArray(), options).Dispose();
            return true;
        }
        catch (OnnxRuntimeException exception)
        {
            // ONNX Runtime checks the types first. Other messages say that the processor has no kernel, or that the node needs something else.
            return !exception.Message.Contains("Type Error", StringComparison.Ordinal);
        }
    }
}

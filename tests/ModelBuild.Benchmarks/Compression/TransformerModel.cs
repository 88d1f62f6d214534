using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>An encoder with the shapes of BERT-base (Devlin et al. 2019) and random weights: 109 million parameters, 435 MB.</summary>
internal static class TransformerModel
{
    private const int Vocabulary = 30522;
    private const int Width = 768;
    private const int Heads = 12;
    private const int Inner = 3072;
    private const int Layers = 12;

    /// <summary>Builds the model: <c>input_ids</c> int64 [batch, sequence] to <c>hidden</c> float32 [batch, sequence, 768].</summary>
    public static OnnxModel Build()
    {
        var builder = new Builder();
        var x = builder.Node("Gather", builder.Weight([Vocabulary, Width]), "input_ids");
        for (var layer = 0; layer < Layers; layer++)
            x = builder.Layer(x);
        builder.Rename(x, "hidden");
        return builder.Finish();
    }

    private sealed class Builder
    {
        private readonly GraphProto _graph = new() { Name = "encoder" };
        private readonly Random _random = new(1);
        private int _next;

        public string Weight(long[] shape)
        {
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (_random.NextSingle() + _random.NextSingle() + _random.NextSingle() - 1.5f) * 0.04f;
            return Constant(Tensors.Create(Name("weight"), shape, values));
        }

        public string Node(string operation, params string[] inputs) => Node(operation, [], inputs);

        public string Node(string operation, (string, object)[] attributes, params string[] inputs)
        {
            var result = Name(operation.ToLowerInvariant());
            _graph.Node.Add(Nodes.Create(operation, inputs, [result], name: result, attributes: attributes));
            return result;
        }

        public string Layer(string x)
        {
            var (q, k, v) = (Split(Dense(x, Width, Width), [0, 2, 1, 3]), Split(Dense(x, Width, Width), [0, 2, 3, 1]), Split(Dense(x, Width, Width), [0, 2, 1, 3]));
            var scores = Node("Softmax", [("axis", -1L)], Node("Mul", Node("MatMul", q, k), Scalar(1 / MathF.Sqrt(Width / (float)Heads))));
            var mixed = Node("Reshape", Node("Transpose", [("perm", new long[] { 0, 2, 1, 3 })], Node("MatMul", scores, v)), Longs(0, 0, Width));
            x = Normalize(Node("Add", x, Dense(mixed, Width, Width)));
            var inner = Dense(x, Width, Inner);
            // Gelu by its definition: x · (1 + erf(x / √2)) / 2.
            var gelu = Node("Mul", Node("Mul", inner, Node("Add", Node("Erf", Node("Div", inner, Scalar(MathF.Sqrt(2)))), Scalar(1))), Scalar(0.5f));
            return Normalize(Node("Add", x, Dense(gelu, Inner, Width)));
        }

        public void Rename(string value, string name)
        {
            foreach (var node in _graph.Node)
                for (var i = 0; i < node.Output.Count; i++)
                    if (node.Output[i] == value)
                        node.Output[i] = name;
            _graph.Input.Add(Value("input_ids", DataType.Int64, ("batch", 0), ("sequence", 0)));
            _graph.Output.Add(Value(name, DataType.Float, ("batch", 0), ("sequence", 0), ("", Width)));
        }

        public OnnxModel Finish() => new(new ModelProto { IrVersion = 8, Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } });

        private string Dense(string x, int inputs, int outputs) => Node("Add", Node("MatMul", x, Weight([inputs, outputs])), Weight([outputs]));

        private string Split(string x, long[] perm) => Node("Transpose", [("perm", perm)], Node("Reshape", x, Longs(0, 0, Heads, Width / Heads)));

        private string Normalize(string x) => Node("LayerNormalization", [("axis", -1L)], x, Ones(), Weight([Width]));

        private string Ones()
        {
            var ones = new float[Width];
            Array.Fill(ones, 1f);
            return Constant(Tensors.Create(Name("scale"), [Width], ones));
        }

        private string Scalar(float value) => Constant(Tensors.Create<float>(Name("scalar"), [], [value]));

        private string Longs(params long[] values) => Constant(Tensors.Create(Name("shape"), [values.Length], values));

        private string Constant(TensorProto tensor)
        {
            _graph.Initializer.Add(tensor);
            return tensor.Name;
        }

        private string Name(string hint) => $"{hint}_{_next++}";

        private static ValueInfoProto Value(string name, DataType type, params (string Symbol, long Size)[] dimensions)
        {
            var shape = new TensorShapeProto();
            foreach (var (symbol, size) in dimensions)
                shape.Dim.Add(size > 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension { DimParam = symbol });
            return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
        }
    }
}

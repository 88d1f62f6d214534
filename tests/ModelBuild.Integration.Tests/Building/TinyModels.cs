using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelBuild.Onnx;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>Models that are small, quick to compress, and gain from it.</summary>
internal static class TinyModels
{
    private const int Inputs = 64;
    private const int Outputs = 10;
    private const int Hidden = 256;

    /// <summary>Two layers: <c>pixels</c> float[batch,64] → <c>scores</c> float[batch,10]; the weights follow from the seed.</summary>
    public static OnnxModel Classifier(int seed)
    {
        var random = new Random(seed);
        var graph = new GraphProto { Name = "classifier" };
        graph.Input.Add(Value("pixels", Inputs));
        graph.Output.Add(Value("scores", Outputs));
        graph.Initializer.Add(Weights("w1", random, Inputs, Hidden));
        graph.Initializer.Add(Weights("w2", random, Hidden, Outputs));
        graph.Node.Add(Node("MatMul", "hidden", "pixels", "w1"));
        graph.Node.Add(Node("Relu", "active", "hidden"));
        graph.Node.Add(Node("MatMul", "scores", "active", "w2"));
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            ProducerName = "tests",
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return new OnnxModel(model);
    }

    private static NodeProto Node(string type, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static TensorProto Weights(string name, Random random, params long[] shape)
    {
        var values = new float[shape.Aggregate((a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (random.NextSingle() - 0.5f) / 8;
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    private static ValueInfoProto Value(string name, long size)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape },
            },
        };
    }
}

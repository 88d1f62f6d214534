using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>A model whose float32 types are replaced by float64.</summary>
internal static class DoubleModel
{
    /// <summary>Returns a copy of a model in float64.</summary>
    public static OnnxModel Of(OnnxModel model)
    {
        var copy = model.Clone();
        foreach (var tensor in copy.Tensors().Where(tensor => tensor.DataType == (int)DataType.Float).ToArray())
        {
            double[] values = [.. tensor.ToFloats().Select(value => (double)value)];
            tensor.FloatData.Clear();
            tensor.DataType = (int)DataType.Double;
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(values));
        }

        Widen(copy.Proto.Graph);
        return copy;
    }

    private static void Widen(GraphProto graph)
    {
        graph.ValueInfo.Clear();
        foreach (var input in graph.Input.Where(input => input.Type.TensorType.ElemType == (int)DataType.Float))
            input.Type.TensorType.ElemType = (int)DataType.Double;
        foreach (var output in graph.Output)
            output.Type = null;
        foreach (var node in graph.Node)
        {
            if (node.Is("Cast") && node.GetInt("to") == (long)DataType.Float)
                node.SetAttribute("to", (long)DataType.Double);
            foreach (var attribute in node.Attribute.Where(attribute => attribute.G is not null))
                Widen(attribute.G);
        }
    }
}

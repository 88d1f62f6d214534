using System.Globalization;
using Google.Protobuf;

namespace ModelBuild.Onnx;

/// <summary>Moves large initializers of a document to a second file.</summary>
internal static class ExternalDataPlan
{
    // The least size in bytes of a tensor that is moved to the external data file. Smaller tensors stay in the model, because runtimes read some of them
    // (shapes, axes) before they open external data.
    private const int MinBytes = 1024;

    // The alignment in bytes of each tensor in the external data file. It is the size of a memory page, so that a runtime can map each tensor.
    private const int Alignment = 4096;

    /// <summary>Copies the document with references instead of data, and returns the copy and the tensors to write, in the order of the file.</summary>
    public static (ModelProto Model, List<ByteString> Data) Split(ModelProto model, string location)
    {
        var copy = model.Clone();
        var data = new List<ByteString>();
        long offset = 0;
        foreach (var tensor in Initializers(copy.Graph))
        {
            if (tensor.RawData.Length < MinBytes)
                continue;
            data.Add(tensor.RawData);
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Clear();
            tensor.ExternalData.Add(Entry("location", location));
            tensor.ExternalData.Add(Entry("offset", offset.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", tensor.RawData.Length.ToString(CultureInfo.InvariantCulture)));
            offset += Aligned(tensor.RawData.Length);
            tensor.ClearRawData();
        }

        return (copy, data);
    }

    public static void Write(List<ByteString> data, Stream stream)
    {
        var padding = new byte[Alignment];
        foreach (var bytes in data)
        {
            stream.Write(bytes.Span);
            stream.Write(padding, 0, (int)(Aligned(bytes.Length) - bytes.Length));
        }

        // The data must stay alive until it is written, because mapped weights are unmapped when their tensors are collected.
        GC.KeepAlive(data);
    }

    /// <summary>Copies the document without the data of its tensors.</summary>
    public static ModelProto WithoutData(ModelProto model)
    {
        var copy = model.Clone();
        foreach (var tensor in TensorTree.Of(copy))
            tensor.ClearRawData();
        return copy;
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private static IEnumerable<TensorProto> Initializers(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer)
            yield return tensor;
        foreach (var node in graph.Node)
        foreach (var attribute in node.Attribute)
        foreach (var inner in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
        foreach (var tensor in Initializers(inner))
            yield return tensor;
    }
}

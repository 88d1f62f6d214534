using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A small image classifier. Almost all of its weights are in a first dense layer with 11,616 inputs and 32 outputs; it has 1.5 MB.</summary>
internal static class CnnShaped
{
    /// <summary>The width and the height of the image in pixels.</summary>
    public const int Size = 44;

    private const int Channels = 24;
    private const int Flattened = Channels * (Size / 2) * (Size / 2);

    /// <summary><c>image</c> float32 [batch, 3, 44, 44] to <c>logits</c> float32 [batch, 10].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("cnn11616");
        var x = net.Node("Relu", net.Conv("image", 3, 8, kernel: 3));
        x = net.Node("Relu", net.Conv(x, 8, Channels, kernel: 3));
        x = net.Node("MaxPool", [("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })], x);
        x = net.Node("Relu", net.Gemm(net.Node("Flatten", x), Flattened, 32));
        net.Input("image", DataType.Float, ("batch", 0), ("", 3), ("", Size), ("", Size));
        net.Output(net.Gemm(x, 32, 10), "logits", ("batch", 0), ("", 10));
        return net.Finish();
    }
}

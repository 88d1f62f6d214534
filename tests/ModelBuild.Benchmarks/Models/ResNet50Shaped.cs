using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A classifier with the shapes of ResNet-50 v1.5 (He et al. 2016) and folded batch normalization: 25.5 million parameters, 102 MB.</summary>
internal static class ResNet50Shaped
{
    // The output of each block is scaled down before the addition, so that the activations of 16 blocks stay bounded.
    private const double BranchGain = 0.3;

    /// <summary><c>image</c> float32 [batch, 3, 224, 224] to <c>logits</c> float32 [batch, 1000].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("resnet50");
        var x = net.Node("Relu", net.Conv("image", 3, 64, kernel: 7, stride: 2));
        x = net.Node("MaxPool", [("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })], x);
        var channels = 64;
        foreach (var (width, blocks, stride) in new[] { (64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2) })
            for (var block = 0; block < blocks; block++, channels = 4 * width)
                x = Bottleneck(net, x, channels, width, block == 0 ? stride : 1, isFirst: block == 0);
        net.Input("image", DataType.Float, ("batch", 0), ("", 3), ("", 224), ("", 224));
        net.Output(net.Classify(x, channels, 1000), "logits", ("batch", 0), ("", 1000));
        return net.Finish();
    }

    private static string Bottleneck(NetBuilder net, string x, int inputs, int width, int stride, bool isFirst)
    {
        var y = net.Node("Relu", net.Conv(x, inputs, width, kernel: 1));
        y = net.Node("Relu", net.Conv(y, width, width, kernel: 3, stride));
        y = net.Conv(y, width, 4 * width, kernel: 1, gain: BranchGain);
        var shortcut = isFirst ? net.Conv(x, inputs, 4 * width, kernel: 1, stride, gain: Math.Sqrt(0.5)) : x;
        return net.Node("Relu", net.Node("Add", y, shortcut));
    }
}

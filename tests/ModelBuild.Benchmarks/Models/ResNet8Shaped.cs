using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A classifier with the shapes of the ResNet-8 of MLPerf Tiny (Banbury et al. 2021) for CIFAR-10 and folded batch normalization. It has
/// 77,000 parameters.</summary>
internal static class ResNet8Shaped
{
    /// <summary><c>image</c> float32 [batch, 3, 32, 32] to <c>logits</c> float32 [batch, 10].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("resnet8");
        var x = net.Node("Relu", net.Conv("image", 3, 16, kernel: 3));
        var channels = 16;
        foreach (var (width, stride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            var y = net.Conv(net.Node("Relu", net.Conv(x, channels, width, kernel: 3, stride)), width, width, kernel: 3, gain: Math.Sqrt(0.5));
            var shortcut = stride == 1 ? x : net.Conv(x, channels, width, kernel: 1, stride, gain: Math.Sqrt(0.5));
            x = net.Node("Relu", net.Node("Add", y, shortcut));
            channels = width;
        }

        net.Input("image", DataType.Float, ("batch", 0), ("", 3), ("", 32), ("", 32));
        net.Output(net.Classify(x, channels, 10), "logits", ("batch", 0), ("", 10));
        return net.Finish();
    }
}

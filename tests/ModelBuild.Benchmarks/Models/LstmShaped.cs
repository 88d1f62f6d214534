using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>Two LSTM layers of 512 over 50 steps, and a dense layer: 4 million parameters, 16 MB.</summary>
internal static class LstmShaped
{
    private const int Steps = 50;
    private const int Inputs = 256;
    private const int Hidden = 512;
    private const int Classes = 128;

    /// <summary><c>sequence</c> float32 [50, batch, 256] to <c>logits</c> float32 [50, batch, 128].</summary>
    public static OnnxModel Build()
    {
        var net = new NetBuilder("lstm");
        var x = Layer(net, Layer(net, "sequence", Inputs), Hidden);
        net.Input("sequence", DataType.Float, ("", Steps), ("batch", 0), ("", Inputs));
        net.Output(net.Dense(x, Hidden, Classes), "logits", ("", Steps), ("batch", 0), ("", Classes));
        return net.Finish();
    }

    private static string Layer(NetBuilder net, string x, int inputs)
    {
        var y = net.Node(
            "LSTM",
            [("hidden_size", (long)Hidden)],
            x,
            net.Weight(1 / Math.Sqrt(inputs), 1, 4 * Hidden, inputs),
            net.Weight(1 / Math.Sqrt(Hidden), 1, 4 * Hidden, Hidden),
            net.Weight(0.1, 1, 8 * Hidden)
        );
        return net.Node("Squeeze", y, net.Longs(1));
    }
}

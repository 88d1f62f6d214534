using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>The numbers that stand for black and white in an input of pictures.</summary>
/// <param name="Black">The least.</param>
/// <param name="White">The greatest.</param>
/// <param name="ChannelsLast">Whether the channels are the last axis rather than the second.</param>
internal sealed record PixelRange(double Black, double White, bool ChannelsLast)
{
    private const double Bytes = 255;

    // Smaller pictures have no content that is smooth.
    private const long LeastSide = 16;

    // Means of pixels of 0…255 are far above this, and means of pixels of 0…1 are below 1.
    private const double LeastMeanOfBytes = 20;
    private const double LeastDivisorOfBytes = 50;

    private static readonly HashSet<string> PassThrough = ["Cast", "Identity", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Resize"];

    /// <summary>The range of an input; null where its shape is not that of pictures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The input.</param>
    /// <param name="shape">The shape that it gets.</param>
    public static PixelRange? Of(OnnxModel model, ValueSignature input, long[] shape)
    {
        if (shape is not [_, var second, _, var last] || Layout(second, last, shape) is not { } channelsLast)
            return null;
        if (input.Type == "uint8" || Declared(model) is Bytes || (Declared(model) is null && TakesBytes(new Graph(model), input.Name)))
            return new PixelRange(0, Bytes, channelsLast);
        return Declared(model) is 0.5 ? new PixelRange(0, 1, channelsLast) : new PixelRange(-1, 1, channelsLast);
    }

    private static bool? Layout(long second, long last, long[] shape) =>
        second is 1 or 3 or 4 && Math.Min(shape[2], last) >= LeastSide ? false
        : last is 1 or 3 or 4 && Math.Min(second, shape[2]) >= LeastSide ? true
        : null;

    // ONNX's metadata of images: 255 for bytes, 0.5 for 0…1, 1 for −1…1; null where nothing is declared. A pixel format without a range means bytes.
    private static double? Declared(OnnxModel model) =>
        (model.GetMetadata("Image.NominalPixelRange"), model.GetMetadata("Image.BitmapPixelFormat")) switch
        {
            ("NominalRange_0_255" or "NominalRange_16_235", _) => Bytes,
            ("Normalized_0_1", _) => 0.5,
            ("Normalized_1_1", _) => 1,
            (null, not null) => Bytes,
            _ => null,
        };

    // A model that scales by 255, or takes means of bytes away, is given bytes.
    private static bool TakesBytes(Graph scope, string value)
    {
        var uses = scope.Consumers(value).ToArray();
        return uses.Length > 0
            && Array.TrueForAll(
                uses,
                use =>
                    use.Node.OpType switch
                    {
                        "ImageScaler" => true,
                        "Div" when use.Index == 0 => Largest(use, 1) >= LeastDivisorOfBytes,
                        "Mul" => Largest(use, 1 - use.Index) is > 0 and <= 1 / LeastDivisorOfBytes,
                        "Sub" when use.Index == 0 => Largest(use, 1) >= LeastMeanOfBytes,
                        "Add" => Largest(use, 1 - use.Index) >= LeastMeanOfBytes,
                        "BatchNormalization" when use.Index == 0 => Largest(use, 3) >= LeastMeanOfBytes,
                        _ when PassThrough.Contains(use.Node.OpType) && use.Index == 0 => TakesBytes(use.Graph, use.Node.Output[0]),
                        _ => false,
                    }
            );
    }

    private static double Largest(ValueUse use, int input) =>
        use.Graph.TryGetConstant(use.Node.Input[input], out var constant)
        && (DataType)constant.DataType is DataType.Float or DataType.Float16 or DataType.Double
            ? constant.ToFloats().Select(value => (double)Math.Abs(value)).DefaultIfEmpty().Max()
            : 0;
}

using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Output;

/// <summary>Reports arrays and rows of the data that a model does not use on standard error, for commands that do not write a receipt.</summary>
internal static class UnusedDataNotice
{
    public static void Write(string model, IReadOnlyList<string> data, CancellationToken cancellationToken)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken));
        foreach (var unused in UnusedArrays.Find(data, signature))
            Console.Error.WriteLine(Message.Warning(model, unused.Code, unused.Text));
    }
}

using ModelBuild.Onnx;

namespace ModelBuild.Compression.Diagnostics;

/// <summary>The diagnostic code of what can go wrong when a document is read.</summary>
public static class Faults
{
    /// <summary>The code for <paramref name="exception"/>.</summary>
    public static string Code(OnnxException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Fault switch
        {
            OnnxFault.NotFound => Codes.ModelMissing,
            OnnxFault.GitLfsPointer => Codes.GitLfsPointer,
            OnnxFault.ExternalDataMissing or OnnxFault.ExternalDataOutside or OnnxFault.ExternalDataRange => Codes.ExternalData,
            OnnxFault.UnsupportedVersion => Codes.UnsupportedVersion,
            _ => Codes.ModelUnreadable,
        };
    }
}

using System.Globalization;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Diagnostics;

/// <summary>Maps faults of ONNX documents to diagnostic codes.</summary>
internal static class Faults
{
    /// <summary>Returns the diagnostic code for the fault of <paramref name="exception"/>.</summary>
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

    /// <summary>Returns the text of the exception without the file, which a diagnostic shows before the text.</summary>
    public static string Text(OnnxException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var where = exception.Where is null ? "" : $"{exception.Where}: ";
        var offset = exception.Offset is { } at ? string.Create(CultureInfo.InvariantCulture, $" (at byte {at:N0})") : "";
        return $"{where}{exception.Reason}{offset}.";
    }
}

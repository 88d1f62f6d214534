using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration;

/// <summary>The exceptions that reading a data file throws when the file is damaged, missing or of another form.</summary>
internal static class DataFaults
{
    /// <summary>Returns whether a damaged, missing or unsuitable data file is the cause of an exception.</summary>
    public static bool IsFault(Exception exception) =>
        exception is InvalidDataException or IOException or UnauthorizedAccessException or OverflowException or FormatException or OnnxException;
}

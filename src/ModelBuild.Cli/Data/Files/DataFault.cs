using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Files;

/// <summary>Creates the exceptions for files that cannot be used as data.</summary>
internal static class DataFault
{
    /// <summary>Creates the exception for a file that cannot be used as data.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="message">The fault and the remedy as sentences.</param>
    /// <param name="inner">The exception that caused the error; null for none.</param>
    public static CompressionException Of(string file, string message, Exception? inner = null) => new(Codes.CalibrationData, message, file, inner);

    /// <summary>Creates the exception for a line of a file that cannot be used as data.</summary>
    /// <param name="place">The line.</param>
    /// <param name="message">The fault, as the end of a sentence that starts with the line.</param>
    /// <param name="inner">The exception that caused the error; null for none.</param>
    public static CompressionException Of(DataPlace place, string message, Exception? inner = null) => Of(place.File, $"Line {place.Line} {message}", inner);
}

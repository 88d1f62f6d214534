using System.Globalization;

namespace ModelBuild.Compression.Profiling;

/// <summary>Formats times in milliseconds.</summary>
internal static class Milliseconds
{
    /// <summary>Returns a time with three digits, such as <c>0.0123</c>, <c>4.56</c> or <c>789</c>.</summary>
    public static string Format(double milliseconds) =>
        milliseconds switch
        {
            >= 100 => milliseconds.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => milliseconds.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => milliseconds.ToString("0.00", CultureInfo.InvariantCulture),
            >= 0.1 => milliseconds.ToString("0.000", CultureInfo.InvariantCulture),
            _ => milliseconds.ToString("0.0000", CultureInfo.InvariantCulture),
        };
}

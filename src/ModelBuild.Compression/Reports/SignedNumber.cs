using System.Globalization;

namespace ModelBuild.Compression.Reports;

/// <summary>
/// Formats numbers that may be negative. A number that rounds to zero has no sign: .NET formats −0.04 with one digit as -0.0, and as -+0.0 with a format that
/// has a sign of its own.
/// </summary>
internal static class SignedNumber
{
    /// <summary>Returns a number with a sign only if it is negative.</summary>
    /// <param name="value">The number.</param>
    /// <param name="digits">The number of digits behind the point.</param>
    public static string Of(double value, int digits) => Rounded(value, digits).ToString($"F{digits}", CultureInfo.InvariantCulture);

    /// <summary>Returns a difference, which has a sign unless it rounds to zero.</summary>
    /// <param name="value">The difference.</param>
    /// <param name="digits">The number of digits behind the point.</param>
    /// <param name="minus">The sign of negative numbers: that of texts by default, and the hyphen of ASCII for terminals.</param>
    public static string Difference(double value, int digits, char minus = '−')
    {
        var rounded = Rounded(value, digits);
        var text = Math.Abs(rounded).ToString($"F{digits}", CultureInfo.InvariantCulture);
        return rounded switch
        {
            > 0 => $"+{text}",
            < 0 => $"{minus}{text}",
            _ => text,
        };
    }

    // Rounds a number. The addition of 0 turns a negative zero into a positive one.
    private static double Rounded(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero) + 0.0;
}

namespace ModelBuild.Runtime.Compiled;

/// <summary>Converts bytes to lower-case hexadecimal digits.</summary>
internal static class HexText
{
    /// <summary>Returns two lower-case hexadecimal digits for each byte.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) =>
#if NET9_0_OR_GREATER
        Convert.ToHexStringLower(bytes);
#else
        Convert.ToHexString(bytes).ToLowerInvariant();
#endif
}

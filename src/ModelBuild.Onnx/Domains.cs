namespace ModelBuild.Onnx;

/// <summary>Provides the names of the domains that ONNX operators belong to, and tests of a domain.</summary>
internal static class Domains
{
    /// <summary>The domain of ONNX Runtime's contributed operators.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>The domain of operators whose values ONNX Runtime stores in blocks of channels.</summary>
    public const string Nchwc = "com.microsoft.nchwc";

    private const string LongStandardName = "ai.onnx";

    /// <summary>Returns whether a domain is that of the ONNX standard, which a model writes as an empty name or as <c>ai.onnx</c>.</summary>
    /// <param name="domain">The name of the domain.</param>
    public static bool IsStandard(string domain) => domain is "" or LongStandardName;

    /// <summary>Returns whether a domain is one of ONNX Runtime's own.</summary>
    /// <param name="domain">The name of the domain.</param>
    public static bool IsMicrosoft(string domain) => domain.StartsWith(Microsoft, StringComparison.Ordinal);

    /// <summary>Returns one spelling for each domain: the domain of the ONNX standard becomes the empty name.</summary>
    /// <param name="domain">The name of the domain.</param>
    public static string Normalize(string domain) => IsStandard(domain) ? "" : domain;
}

namespace ModelBuild.Onnx;

/// <summary>The domains of operators.</summary>
public static class Domains
{
    /// <summary>The domain of ONNX Runtime's contributed operators.</summary>
    public const string Microsoft = "com.microsoft";

    private const string LongStandardName = "ai.onnx";

    /// <summary>Whether a domain is that of the ONNX standard, which a model writes as an empty name or as <c>ai.onnx</c>.</summary>
    /// <param name="domain">The name of the domain.</param>
    public static bool IsStandard(string domain) => domain is "" or LongStandardName;

    /// <summary>Returns one spelling for each domain: the domain of the ONNX standard becomes the empty name.</summary>
    /// <param name="domain">The name of the domain.</param>
    public static string Normalize(string domain) => IsStandard(domain) ? "" : domain;
}

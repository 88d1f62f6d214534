using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace ModelBuild.Testing;

/// <summary>Decides what becomes of a test whose real models or data are not there: it is skipped, or it fails where they are required.</summary>
public static class MissingData
{
    /// <summary>The environment variable that requires real models and data: with <c>1</c>, no test that needs them is skipped.</summary>
    public const string RequireVariable = "MODELBUILD_REQUIRE_CORPUS";

    /// <summary>Whether a test fails when its real models or data are missing.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable(RequireVariable) == "1";

    /// <summary>Skips the calling test, or fails it where real models and data are required.</summary>
    /// <param name="reason">A sentence that says what is missing.</param>
    [DoesNotReturn]
    public static void SkipOrFail(string reason)
    {
        if (IsRequired)
            Assert.Fail($"{reason} {RequireVariable}=1 requires it.");
        Assert.Skip(reason);
    }
}

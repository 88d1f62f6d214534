namespace ModelBuild.Cli.Output;

/// <summary>Errors and warnings in MSBuild's canonical form, <c>FILE : error MB1003: text</c>, which terminals and editors make clickable.</summary>
internal static class Message
{
    /// <summary>An error's line.</summary>
    /// <param name="failure">What is wrong.</param>
    /// <param name="model">The file of a failure that names none.</param>
    public static string Error(Failure failure, string model) => Line(failure.File ?? model, "error", failure.Code, failure.Text);

    /// <summary>A warning's line.</summary>
    public static string Warning(string file, string code, string text) => Line(file, "warning", code, text);

    private static string Line(string file, string kind, string code, string text) => $"{file} : {kind} {code}: {text.ReplaceLineEndings(" ")}";
}

namespace ModelBuild.Cli.Output;

/// <summary>Formats errors and warnings as MSBuild does, <c>FILE : error MB1003: text</c>. Terminals and editors make such lines clickable.</summary>
internal static class Message
{
    /// <summary>Formats the line of an error.</summary>
    /// <param name="failure">The error.</param>
    /// <param name="model">The file of an error without a file of its own.</param>
    public static string Error(Failure failure, string model) => Line(failure.File ?? model, "error", failure.Code, failure.Text);

    /// <summary>Formats the line of a warning.</summary>
    public static string Warning(string file, string code, string text) => Line(file, "warning", code, text);

    /// <summary>Returns a text on one line. A result may come from another machine, and a line of its text could look like a message of MSBuild.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Line(string file, string kind, string code, string text) => OneLine($"{file} : {kind} {code}: {text}");
}

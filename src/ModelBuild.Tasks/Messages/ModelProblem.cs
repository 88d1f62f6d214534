namespace ModelBuild.Tasks.Messages;

/// <summary>Represents a problem of an item that is found before the program runs.</summary>
/// <param name="Code">The diagnostic's code, such as <c>MB1001</c>.</param>
/// <param name="File">The file that the message refers to.</param>
/// <param name="Text">The problem and its remedy.</param>
/// <param name="Level">The severity of the problem.</param>
internal sealed record ModelProblem(string Code, string File, string Text, ProblemLevel Level = ProblemLevel.Error);

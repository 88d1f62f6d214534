namespace ModelBuild.Tasks.Messages;

/// <summary>Something that is wrong with an item, found before the program runs.</summary>
/// <param name="Code">The diagnostic's code, such as <c>MB1001</c>.</param>
/// <param name="File">The file to click on.</param>
/// <param name="Text">What is wrong, and what to do.</param>
/// <param name="Level">How bad it is.</param>
internal sealed record ModelProblem(string Code, string File, string Text, ProblemLevel Level = ProblemLevel.Error);

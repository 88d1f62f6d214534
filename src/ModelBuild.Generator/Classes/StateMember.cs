namespace ModelBuild.Generator.Classes;

/// <summary>A state by the indices of its output and its input.</summary>
internal sealed record StateMember(int Output, int Input);

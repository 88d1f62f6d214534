namespace ModelBuild.Generator.Classes;

/// <summary>Represents a state by the indices of an output and of the input that it becomes in the next call.</summary>
internal sealed record StateMember(int Output, int Input);

namespace ModelBuild.Generator.Classes;

/// <summary>Represents a signature whose class name another signature already has.</summary>
internal sealed record DuplicateClass(string File, string FirstModel);

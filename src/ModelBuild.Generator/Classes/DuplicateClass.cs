namespace ModelBuild.Generator.Classes;

/// <summary>A signature whose class another one already has.</summary>
internal sealed record DuplicateClass(string File, string FirstModel);

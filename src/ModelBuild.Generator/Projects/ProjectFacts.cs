namespace ModelBuild.Generator.Projects;

/// <summary>
/// Represents the properties of the project that the generator uses. The record compares by value, so that edits of source files do not invalidate cached
/// results.
/// </summary>
/// <param name="Folder">The project's folder for the paths in messages; empty if the build does not pass it.</param>
/// <param name="MissingReference">The first assembly that generated code needs and the project does not reference; null if none is missing.</param>
/// <param name="LanguageVersion">The C# version as text for messages.</param>
/// <param name="HasNullable">Whether the version is at least C# 8, which generated code needs.</param>
/// <param name="HasStaticAbstract">Whether the version has static abstract members of interfaces (C# 11).</param>
/// <param name="HasImplicitUsings">Whether the project enables implicit usings and the version has global usings (C# 10).</param>
/// <param name="HasText">Whether the project references ModelBuild.Text.</param>
/// <param name="DefaultNamespace">The namespace of models that set none; empty if the build does not pass it.</param>
internal sealed record ProjectFacts(
    string Folder,
    string? MissingReference,
    string LanguageVersion,
    bool HasNullable,
    bool HasStaticAbstract,
    bool HasImplicitUsings,
    bool HasText,
    string DefaultNamespace
);

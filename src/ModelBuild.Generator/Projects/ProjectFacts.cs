namespace ModelBuild.Generator.Projects;

/// <summary>What the generator must know of the project. Small and equal by value: an edit of a source file changes nothing here.</summary>
/// <param name="Folder">The project's folder, for places in messages; empty when the build does not say it.</param>
/// <param name="MissingReference">The first assembly that generated code needs and the project does not have; null when all are there.</param>
/// <param name="LanguageVersion">The C# version for people.</param>
/// <param name="HasNullable">Whether that version has what generated code is written in: C# 8.</param>
/// <param name="HasStaticAbstract">Whether it has static abstract members of interfaces: C# 11.</param>
/// <param name="HasImplicitUsings">Whether the project wants implicit usings, and has global ones: C# 10.</param>
/// <param name="DefaultNamespace">The namespace of classes whose model names none; empty when the build does not say it.</param>
internal sealed record ProjectFacts(
    string Folder,
    string? MissingReference,
    string LanguageVersion,
    bool HasNullable,
    bool HasStaticAbstract,
    bool HasImplicitUsings,
    string DefaultNamespace
);

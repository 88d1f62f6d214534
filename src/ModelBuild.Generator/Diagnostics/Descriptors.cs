using Microsoft.CodeAnalysis;

namespace ModelBuild.Generator.Diagnostics;

/// <summary>The generator's diagnostics. AnalyzerReleases.*.md is their register.</summary>
internal static class Descriptors
{
    private const string Category = "ModelBuild";

    public static readonly DiagnosticDescriptor UnreadableSignature = new(
        "MB2001",
        "The signature file cannot be read",
        "The signature '{0}' cannot be read: {1}; rebuild the project, or update the ModelBuild package that is older",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor MissingReference = new(
        "MB2002",
        "A reference that the model class needs is missing",
        "The class '{0}' is not generated for the model '{1}', because the project does not reference {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor DuplicateClass = new(
        "MB2003",
        "Two models have the same class name",
        "The models '{0}' and '{1}' would both get the class '{2}'; give one of them another ClassName",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor NameMapped = new(
        "MB2004",
        "A tensor has another name in C#",
        "Tensor '{0}' of the model '{1}' is named '{2}' in C#",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor UntypedTensor = new(
        "MB2005",
        "A tensor has no typed member",
        "{0} '{1}' of the model '{2}' has the type {3}, which has no typed member{4}; use the property Session for it",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        "MB2006",
        "The C# language version is too old",
        "The class '{0}' for the model '{1}' needs C# 8 or newer, and the project is compiled as C# {2}; set LangVersion",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    public static readonly DiagnosticDescriptor ReservedName = new(
        "MB2008",
        "A chosen name is that of a member which every model class has",
        "Names gives '{0}' of the model '{1}' the name '{2}', which is that of a member of every model class; choose another name",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );
}

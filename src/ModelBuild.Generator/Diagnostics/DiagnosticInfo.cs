using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Diagnostics;

/// <summary>
/// Represents a diagnostic that compares by value. The types <c>Location</c> and <c>Diagnostic</c> do not compare by value, so they would prevent caching.
/// </summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, string File, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, string file, params string[] arguments) =>
        new(descriptor, file, arguments.ToEquatableArray());

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.Create(File, default, new LinePositionSpan(default, default)), [.. Arguments]);
}

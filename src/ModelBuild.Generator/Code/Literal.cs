using Microsoft.CodeAnalysis.CSharp;

namespace ModelBuild.Generator.Code;

/// <summary>Writes values as C# source.</summary>
internal static class Literal
{
    public static string Of(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);
}

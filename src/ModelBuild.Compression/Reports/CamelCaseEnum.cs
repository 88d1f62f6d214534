using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>Writes an enumeration value to JSON as text in camel case, such as <c>notFinite</c>.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;

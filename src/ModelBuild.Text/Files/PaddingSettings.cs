using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Represents the settings in <c>padding</c> of a <c>tokenizer.json</c>.</summary>
/// <param name="Id">The id of the token that fills rows.</param>
/// <param name="TypeId">The type id of that token.</param>
/// <param name="IsLeft">Whether the padding is before the text.</param>
internal sealed record PaddingSettings(int Id, int TypeId, bool IsLeft)
{
    public static PaddingSettings Read(JsonElement padding) =>
        new(padding.Get("pad_id")?.GetInt32() ?? 0, padding.Get("pad_type_id")?.GetInt32() ?? 0, padding.Text("direction") == "Left");
}

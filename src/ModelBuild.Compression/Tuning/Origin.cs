namespace ModelBuild.Compression.Tuning;

/// <summary>Specifies how a study found a recipe.</summary>
internal enum Origin
{
    /// <summary>The recipe is one of those that every study begins with.</summary>
    Uniform,

    /// <summary>The recipe has the best forms of all layers within a budget.</summary>
    Budget,

    /// <summary>The recipe removes channels or ranks.</summary>
    Structure,

    /// <summary>The recipe has a budget between those of two neighbours on the front.</summary>
    Between,

    /// <summary>The recipe is one of the front with another ratio or other recovery steps.</summary>
    Changed,

    /// <summary>The recipe is one of the front that is trained afterwards.</summary>
    Trained,
}

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Chooses the ranks of a layer's forms, and the form.</summary>
internal interface IRankRule
{
    /// <summary>Why a form has no rank as a rule.</summary>
    const string NoRank = "no rank costs so little arithmetic";

    /// <summary>The rank of a form for a layer; 0 for none.</summary>
    int Rank(FactorableLayer layer, FactorForm form, FactorTarget target, CancellationToken cancellationToken);

    /// <summary>Why a layer has no rank.</summary>
    string WhyNone(FactorableLayer layer) => NoRank;

    /// <summary>What the form that is kept has least of.</summary>
    /// <param name="share">The share of the multiply-adds that remains.</param>
    /// <param name="loss">The error, as a share of the answers' power.</param>
    double Cost(double share, double loss) => loss;
}

select id, name, amount * 2 as doubled from {{ ref('payments') }} where amount is not null
